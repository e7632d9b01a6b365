/** A member as its group sees it. */
export interface GroupMember {
  readonly topics: readonly string[];
  /** Ends the work on what it owned; resolves when no handler runs any more. */
  release(): Promise<void>;
  own(assignment: { topic: string; index: number; members: number }[]): Promise<void>;
}

/** A consumer group in memory: every join or leave stops all members, then divides the partitions anew. */
export class MemoryGroup {
  private members: GroupMember[] = [];
  private readonly committed = new Map<string, Map<number, bigint>>();
  private rebalancing: Promise<void> = Promise.resolve();

  committedOf(topic: string): Map<number, bigint> {
    return new Map(this.committed.get(topic));
  }

  commit(topic: string, partition: number, offset: bigint): void {
    const offsets = this.committed.get(topic) ?? new Map<number, bigint>();
    this.committed.set(topic, offsets.set(partition, offset));
  }

  join(member: GroupMember): Promise<void> {
    return this.rebalance(() => this.members.push(member));
  }

  leave(member: GroupMember): Promise<void> {
    return this.rebalance(() => (this.members = this.members.filter((each) => each !== member)));
  }

  private rebalance(change: () => void): Promise<void> {
    this.rebalancing = this.rebalancing.then(async () => {
      await Promise.all(this.members.map((member) => member.release()));
      change();
      await Promise.all(this.members.map((member) => this.assign(member)));
    });
    return this.rebalancing;
  }

  private assign(member: GroupMember): Promise<void> {
    return member.own(
      member.topics.map((topic) => {
        const interested = this.members.filter((each) => each.topics.includes(topic));
        return { topic, index: interested.indexOf(member), members: interested.length };
      }),
    );
  }
}
