import { describe, expect, it } from 'vitest';
import { databaseUrls } from './database-roles.js';

const owner = 'postgres://trueup:of%20the%20owner@127.0.0.1:5432/trueup';

describe('the addresses of a database by role', () => {
  it('differ in the user alone and in a password that does not tell that of the owner', () => {
    const { app, worker } = databaseUrls(owner);
    const users = [app, worker].map((url) => new URL(url)).map(({ username, host, pathname }) => [username, host, pathname]);

    expect(users).toEqual(['trueup_app', 'trueup_worker'].map((user) => [user, '127.0.0.1:5432', '/trueup']));
    expect(new Set([owner, app, worker].map((url) => new URL(url).password)).size).toBe(3);
    expect(databaseUrls(owner.replace('of%20the%20owner', 'another')).app).not.toBe(app);
  });

  it('take passwords that were given, whatever characters they have', () => {
    const { app, worker } = databaseUrls(owner, { app: 'a/b@c', worker: 'w' });

    expect([app, worker].map((url) => decodeURIComponent(new URL(url).password))).toEqual(['a/b@c', 'w']);
  });
});
