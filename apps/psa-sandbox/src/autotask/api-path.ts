/** An API path without what may stand before it. */
export interface ApiPath {
  /** Segments after the version, lower case. */
  readonly segments: readonly string[];
  /** Segment before `ATServicesRest`, lower case, '' without one. */
  readonly zone: string;
  /** Everything up to and with the version, as requested: what page addresses begin with. */
  readonly base: string;
}

const ROOT = /^(?:\/([^/]+))?\/atservicesrest(?=\/|$)/i;
const VERSION = /^\/v1\.0(?=\/|$)/i;

/** Takes a request's path apart; case never matters, zone prefix and version may be absent. */
export function parseApiPath(path: string): ApiPath {
  const root = ROOT.exec(path);
  const afterRoot = path.slice(root?.[0].length ?? 0);
  const version = VERSION.exec(afterRoot)?.[0] ?? '';
  const rest = afterRoot.slice(version.length);
  return {
    segments: rest
      .toLowerCase()
      .split('/')
      .filter((segment) => segment !== ''),
    zone: (root?.[1] ?? '').toLowerCase(),
    base: path.slice(0, path.length - rest.length),
  };
}
