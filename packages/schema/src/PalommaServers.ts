/**
 * Where Palomma answers.
 */

/** Where Palomma answers. Older copies of its documentation say `prod.api.palomma.com` for production. */
export const palommaServers = {
  sandbox: "https://sandbox.api.palomma.com/v0",
  production: "https://api.palomma.com/v0"
} as const
