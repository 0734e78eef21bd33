// The console is an application, built by Vite into `dist` and served by the server under /console/. Nothing imports it.
export {};
