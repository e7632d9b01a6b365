/** A sound event, with changes. */
export function sampleEvent(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: 'e-1',
    source: '/provisioning/main',
    type: 'trueup.user.service.assigned.v1',
    time: '2026-03-01T09:00:00Z',
    subject: 'CUST-1',
    data: { userCode: 'u-1', serviceCode: 'mail', serviceName: 'Mail' },
    ...changes,
  };
}
