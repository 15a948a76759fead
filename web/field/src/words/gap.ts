/// <reference types="vite/client" />

const told = new Set<string>();

/**
 * A text, a form or a parameter that is not there. Who writes the app is stopped by it; who works with the app is not: it is reported,
 * once, and what is shown instead still names the thing.
 * @throws Error outside of a build for users.
 */
export function gap(message: string, forUsers = import.meta.env.PROD, report = (error: Error): void => { reportError(error); }): void {
  if (!forUsers) throw new Error(message);
  if (told.has(message)) return;
  told.add(message);
  report(new Error(message));
}
