import { ensureDatabaseRoles, passwordOf } from './infrastructure/database-roles.js';

// The one-shot job of docker-compose.yml: the roles of the services, by the same code as the local start.
const names = ['TRUEUP_DATABASE_OWNER_URL', 'TRUEUP_DATABASE_APP_URL', 'TRUEUP_DATABASE_URL'] as const;
const [owner, app, worker] = names.map((name) => process.env[name] ?? '');
if (!owner || !app || !worker) {
  console.error(`${names.join(', ')}: are required (postgres:// addresses of the three roles)`);
  process.exit(1);
}
await ensureDatabaseRoles(owner, { app: passwordOf(app), worker: passwordOf(worker) });
console.log('Roles are there.');
