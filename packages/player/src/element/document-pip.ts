// The player in a window of its own that stays above all others, with chat, card and buying (Document
// Picture-in-Picture, Chromium on desktops). The frame moves over as it is: the media element goes on playing, the
// layout follows the room there is. Styles and brand tokens are of the page, so the window gets copies.

type PipApi = { requestWindow(options: { width: number; height: number }): Promise<Window & typeof globalThis> };

export type DocumentPip = {
  readonly isSupported: boolean;
  readonly isOpen: boolean;
  /** Rejects without a fresh tap, or when the browser does not want to. */
  open(): Promise<void>;
  close(): void;
};

const SIZE_PX = { width: 380, height: 640 };
const TOKENS = ['accent', 'on-accent', 'surface', 'text', 'radius', 'shadow', 'font', 'stage'];

export function createDocumentPip(deps: {
  page: Window;
  root: ShadowRoot;
  frame: HTMLElement;
  css: string;
  onChange(isOpen: boolean): void;
}): DocumentPip {
  const { page, root, frame } = deps;
  const api = (page as Window & { documentPictureInPicture?: PipApi }).documentPictureInPicture;
  let pipWindow: Window | null = null;

  return {
    isSupported: api !== undefined,
    get isOpen() {
      return pipWindow !== null;
    },
    async open() {
      if (api === undefined || pipWindow !== null) return;
      const opened = await api.requestWindow(SIZE_PX);
      pipWindow = opened;
      const host = opened.document.createElement('div');
      copyLook(root.host, host, page);
      const pipRoot = host.attachShadow({ mode: 'open' });
      // A sheet belongs to the document that made it.
      const sheet = new opened.CSSStyleSheet();
      sheet.replaceSync(deps.css);
      pipRoot.adoptedStyleSheets = [sheet];
      opened.document.title = page.document.title;
      opened.document.body.style.margin = '0';
      opened.document.body.append(host);
      pipRoot.append(frame);
      deps.onChange(true);
      opened.addEventListener(
        'pagehide',
        () => {
          pipWindow = null;
          root.append(frame);
          deps.onChange(false);
        },
        { once: true },
      );
    },
    close() {
      pipWindow?.close();
    },
  };
}

function copyLook(from: Element, to: HTMLElement, page: Window): void {
  const style = page.getComputedStyle(from);
  for (const token of TOKENS) {
    const value = style.getPropertyValue(`--insp-${token}`);
    if (value !== '') to.style.setProperty(`--insp-${token}`, value);
  }
  for (const fixed of ['--_on-accent-fixed', '--_text-fixed']) to.style.setProperty(fixed, style.getPropertyValue(fixed));
  to.style.fontFamily = style.fontFamily;
  to.style.colorScheme = style.colorScheme;
}
