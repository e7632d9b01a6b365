/**
 * What every answer says about itself. It is data and never a page: nothing in it runs, no other site frames or embeds it, nobody keeps
 * it, and no address of ours is told to others. Browsers heed the first line over https alone.
 */
export const safeHeaders: Readonly<Record<string, string>> = {
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'Content-Security-Policy': "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
