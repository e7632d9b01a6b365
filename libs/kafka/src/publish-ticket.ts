import { PublishRefused } from './log-publisher.js';

/** One caller's publish: settled once, by its last part, by a refusal, or by its deadline. */
export class PublishTicket {
  readonly answer: Promise<void>;
  isSettled = false;
  private resolve!: () => void;
  private reject!: (reason: PublishRefused) => void;
  private readonly deadline: NodeJS.Timeout;

  constructor(
    private unsentParts: number,
    maxWaitMs: number,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.deadline = setTimeout(() => this.refuse(new PublishRefused('timeout')), maxWaitMs);
  }

  partSent(): void {
    this.unsentParts -= 1;
    if (this.unsentParts === 0) this.settle(this.resolve);
  }

  refuse(error: PublishRefused): void {
    this.settle(() => this.reject(error));
  }

  private settle(answer: () => void): void {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.deadline);
    answer();
  }
}
