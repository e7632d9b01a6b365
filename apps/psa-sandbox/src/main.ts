import { httpConfig, runService } from '@trueup/service';
import { z } from 'zod';
import { defaultApiUser, startAutotaskSandbox } from './start-autotask-sandbox.js';

const config = {
  ...httpConfig,
  TRUEUP_SANDBOX_AUTOTASK_USER: z.string().default(defaultApiUser.userName),
  TRUEUP_SANDBOX_AUTOTASK_SECRET: z.string().default(defaultApiUser.secret),
  TRUEUP_SANDBOX_AUTOTASK_CODE: z.string().default(defaultApiUser.integrationCode),
  TRUEUP_SANDBOX_FILE: z.string().optional(),
};

await runService({
  name: 'psa-sandbox',
  config,
  start: async ({ config: env, logger }) => {
    const user = {
      userName: env.TRUEUP_SANDBOX_AUTOTASK_USER,
      secret: env.TRUEUP_SANDBOX_AUTOTASK_SECRET,
      integrationCode: env.TRUEUP_SANDBOX_AUTOTASK_CODE,
      restricted: false,
    };
    const sandbox = await startAutotaskSandbox({
      host: env.TRUEUP_HTTP_HOST,
      port: env.TRUEUP_HTTP_PORT,
      users: [user],
      file: env.TRUEUP_SANDBOX_FILE,
    });
    logger.info({ url: sandbox.url }, 'autotask sandbox listening');
    return { stop: () => sandbox.close() };
  },
});
