/** The one function used of oauth-sign 0.9.0, which ships no types. Its parameters must be strings on a null-prototype object. */
declare module 'oauth-sign' {
  export function hmacsign256(
    method: string,
    baseStringUri: string,
    parameters: Readonly<Record<string, string>>,
    consumerSecret: string,
    tokenSecret: string,
  ): string;
  export function generateBase(
    method: string,
    baseStringUri: string,
    parameters: Readonly<Record<string, string>>,
  ): string;
}
