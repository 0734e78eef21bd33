/** Sends mail. Until there is a mailer the default writes the text to the log, and the console shows invitation links to the inviter. */
export type Mailer = { send(mail: { to: string; subject: string; text: string }): Promise<void> };

/** `open`: anybody may register and make an organization. `invited`: only addresses with an open invitation. */
export type Registration = 'open' | 'invited';
