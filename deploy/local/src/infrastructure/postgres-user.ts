import { readFileSync } from 'node:fs';
import { StartFailure } from '../start-failure.js';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. As root, the server runs as the existing user `postgres`, else `nobody`;
 * as anybody else it runs as ourselves (null). No user is ever created.
 */
export function postgresUser(uid = process.getuid?.(), passwd = readPasswd): SystemUser | null {
  if (uid !== 0) return null;
  const users = passwd();
  const user = findUser(users, 'postgres') ?? findUser(users, 'nobody');
  if (user === null) throw new StartFailure('PostgreSQL cannot run as root and no other user exists: start as another user.');
  return user;
}

function findUser(passwd: string, name: string): SystemUser | null {
  const line = passwd.split('\n').find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

function readPasswd(): string {
  return readFileSync('/etc/passwd', 'utf8');
}
