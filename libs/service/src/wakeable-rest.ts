/** A pause that can be cut short, also by a wake-up that came just before it began. */
export class WakeableRest {
  private isWoken = false;
  private end: (() => void) | null = null;

  /** Ends the rest under way, or else the next one. */
  wake(): void {
    this.isWoken = true;
    this.end?.();
  }

  /** Rests for the given time or until woken; a wake-up is used up by the rest that it ends. */
  async rest(ms: number): Promise<void> {
    if (!this.isWoken) await this.sleep(ms);
    this.isWoken = false;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
