import type { FileFormat } from './event-file.js';

/** How `trueup events send` was asked to send. */
export interface SendOptions {
  format?: FileFormat;
  profile?: string;
  dryRun?: boolean;
  restart?: boolean;
  concurrency: number;
  giveUpAfter: number;
}
