/** A CloudEvent as it is posted to ingest. */
export interface DemoEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly actorid: string;
  readonly actorname: string;
  readonly actorkind: 'person' | 'script';
  readonly onbehalfof?: string;
  readonly ticket?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type DemoActor = Pick<DemoEvent, 'actorid' | 'actorname' | 'actorkind' | 'onbehalfof' | 'ticket'>;

export const actors = {
  kim: { actorid: 'desk.kim', actorname: 'Kim at the service desk', actorkind: 'person' },
  priya: { actorid: 'desk.priya', actorname: 'Priya at the service desk', actorkind: 'person' },
  tomas: { actorid: 'accounts.tomas', actorname: 'Tomas, account manager', actorkind: 'person' },
  onboarding: { actorid: 'onboarding', actorname: 'Onboarding script', actorkind: 'script' },
  offboarding: { actorid: 'offboarding', actorname: 'Offboarding script', actorkind: 'script' },
  cleanup: { actorid: 'cleanup', actorname: 'Licence clean-up script', actorkind: 'script' },
} as const satisfies Record<string, DemoActor>;

/** One event; `type` without prefix and version. */
export function demoEvent(
  id: string,
  type: string,
  o: { time: string; subject: string; actor: DemoActor; data: DemoEvent['data']; source?: string },
): DemoEvent {
  const { time, subject, actor, data, source = 'urn:trueup:demo' } = o;
  return { specversion: '1.0', id, source, type: `trueup.${type}.v1`, time, subject, ...actor, data };
}
