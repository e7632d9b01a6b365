import { exchange, type HttpAnswer, type NoAnswer } from '../connect/exchange.js';
import { remedyOf } from '../connect/refusal.js';
import type { Setting } from '../setting.js';
import { failing, type Finding, skipped } from './finding.js';

/** Everything `status` and `doctor` ask of the api; nothing is thrown, whatever answers. */
export class ServiceQuestions {
  constructor(private readonly setting: Setting) {}

  get apiUrl(): string | null {
    return this.setting.target.apiUrl;
  }

  ask(path: string): Promise<HttpAnswer | NoAnswer> {
    const { target, timeoutMs } = this.setting;
    return exchange({ url: `${target.apiUrl}${path}`, token: target.apiToken, timeoutMs: Math.min(timeoutMs, 10_000) });
  }

  askIngest(): Promise<HttpAnswer | NoAnswer> {
    const { target, timeoutMs } = this.setting;
    return exchange({ url: `${target.ingestUrl}/v1/ingest`, timeoutMs: Math.min(timeoutMs, 10_000) });
  }

  /** Judges the body of a 200; what else came is told as a finding of its own. */
  async judge<T>(check: string, path: string, judge: (body: T) => Finding | Finding[]): Promise<Finding[]> {
    const answer = await this.ask(path);
    if ('status' in answer && answer.status === 200) return [judge(answer.body as T)].flat();
    if ('unreachable' in answer) return [skipped(check, `no answer: ${answer.unreachable}`)];
    if (answer.status === 404) return [skipped(check, 'this api does not tell')];
    if (answer.status === 401) return [skipped(check, 'needs a valid token')];
    if (answer.status === 403) return [skipped(check, 'the token may not see it')];
    return [failing(check, `answered ${answer.status}`, remedyOf('internal-error')!)];
  }
}
