import { describe, expect, it } from 'vitest';
import { postgresUser } from './postgres-user.js';

const nobody = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';

describe('the user of the PostgreSQL server', () => {
  it('is ourselves unless we are root', () => {
    expect(postgresUser(1000, () => nobody)).toBeNull();
  });

  it('is nobody for root', () => {
    expect(postgresUser(0, () => nobody)).toEqual({ uid: 65534, gid: 65534 });
  });

  it('is postgres for root where that user exists', () => {
    expect(postgresUser(0, () => `${nobody}postgres:x:101:104::/:/bin/sh\n`)).toEqual({ uid: 101, gid: 104 });
  });

  it('is refused where root has nobody to be', () => {
    expect(() => postgresUser(0, () => 'root:x:0:0::/:/bin/sh\n')).toThrow(/start as another user/);
  });
});
