interface UnderWay {
  topic: string;
  partition: number;
  movedMs: number;
}

/** Knows which handlers are under way and when each gave its last sign: its beginning, or a heartbeat of its own. */
export class HandlerWatch {
  private readonly underWay = new Set<UnderWay>();

  /** A handler begins. */
  begin(topic: string, partition: number, nowMs = performance.now()): { moves(nowMs?: number): void; ends(): void } {
    const handler = { topic, partition, movedMs: nowMs };
    this.underWay.add(handler);
    return {
      moves: (movedMs = performance.now()) => void (handler.movedMs = movedMs),
      ends: () => void this.underWay.delete(handler),
    };
  }

  get count(): number {
    return this.underWay.size;
  }

  /** Handlers ("topic/partition") that have been silent for longer than the patience. */
  silent(patienceMs: number, nowMs = performance.now()): string[] {
    const silent = [...this.underWay].filter(({ movedMs }) => nowMs - movedMs > patienceMs);
    return silent.map(({ topic, partition }) => `${topic}/${partition}`);
  }
}
