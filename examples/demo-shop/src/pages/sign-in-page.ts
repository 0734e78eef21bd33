import { type Customer, DEMO_CUSTOMERS } from '../customers.ts';
import { type Html, html } from './html.ts';

export function signInPage(customer: Customer | undefined): Html {
  if (customer) {
    return html`<div class="narrow empty"><h1>Hello, ${customer.name.split(' ')[0]}.</h1><p>You are signed in as ${customer.name}. In a show you appear by your first name.</p><form method="post" action="/sign-out"><button class="button">Sign out</button></form></div>`;
  }
  return html`<div class="narrow sign-in"><h1>Who are you today?</h1><p>This shop knows five customers and asks for no password.</p>
<form method="post" action="/sign-in"><ul>${DEMO_CUSTOMERS.map(
    ({ id, name, since }) =>
      html`<li><button name="customer" value="${id}"><span>${name}</span><span>customer since ${since}</span></button></li>`,
  )}</ul></form></div>`;
}

export const errorPage = (title: string, text: string): Html =>
  html`<div class="narrow empty"><h1>${title}</h1><p>${text}</p><a class="button solid" href="/">Back to the shop</a></div>`;
