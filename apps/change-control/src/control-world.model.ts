import { setTimeout as wait } from 'node:timers/promises';
import { billingSchema } from '@trueup/billing';
import {
  type ConnectionMode,
  type Delivery,
  type LineTarget,
  type Outcome,
  type QuantityChange,
  LINE_TARGETS,
  OUTCOMES,
  changeIdOf,
  previewRequestsTopic,
  quantityChangesTopic,
} from '@trueup/contracts';
import {
  type StoredConnection,
  controlSchema,
  createConnection,
  deliveriesOfLines,
  listRuns,
  putCustomerMappings,
  putProductMappings,
  readLinePartBalances,
  readRunLog,
  readScheduleBalances,
  setConnectionMode,
} from '@trueup/control';
import { type KafkaLink, MemoryLog } from '@trueup/kafka';
import { inTransaction, openDatabase } from '@trueup/persistence';
import { createLogger } from '@trueup/service';
import { startedPostgres } from '@trueup/testing';
import type { DataSource, EntityManager } from 'typeorm';
import { ChangeControl } from './change-control.js';
import { SettableDays } from './settable-days.model.js';

let tenants = 0;

/** The whole process on a real database and the log in memory. */
export class ControlWorld {
  readonly days = new SettableDays();
  readonly log = new MemoryLog();
  private control!: ChangeControl;
  private readonly replicas: ChangeControl[] = [];

  private constructor(
    readonly database: DataSource,
    private readonly link: KafkaLink | null,
  ) {}

  /** On the log in memory, or on another one. */
  static async started(link: KafkaLink | null = null): Promise<ControlWorld> {
    const { url } = await startedPostgres();
    const world = new ControlWorld(
      await openDatabase({ url, applicationName: 'change-control spec', schemas: [billingSchema, controlSchema] }),
      link,
    );
    await world.startControl();
    return world;
  }

  /** A second process beside the first. */
  async startReplica(): Promise<void> {
    this.replicas.push(this.control);
    await this.startControl();
  }

  async startControl(): Promise<void> {
    const { database, days } = this;
    const onCrash = (error: Error): void => {
      throw error;
    };
    this.control = new ChangeControl({
      database,
      link: this.link ?? this.log,
      days,
      logger: createLogger('spec', 'fatal'),
      onCrash,
    });
    await this.control.start();
  }

  async stopControl(): Promise<void> {
    await this.control.stop();
  }

  async stop(): Promise<void> {
    for (const control of [this.control, ...this.replicas]) await control.stop();
    await this.mustAgree();
    await this.database.destroy();
  }

  /** Whatever a story was about: its lines, their parts and the schedules of agreement lines tell the same units. */
  private async mustAgree(): Promise<void> {
    const balances = [...(await readLinePartBalances(this.database)), ...(await readScheduleBalances(this.database))];
    const differing = balances.flatMap(({ tenantId, differing }) => differing.map(({ key }) => ({ tenantId, key })));
    if (differing.length > 0) throw new Error(`units differ: ${JSON.stringify(differing)}`);
  }

  newTenant(): string {
    return `ten_${process.pid}_${++tenants}`;
  }

  async connect(tenantId: string, mode: ConnectionMode = 'auto', settings: object = {}): Promise<StoredConnection> {
    return this.tx(async (tx) => {
      const made = await createConnection(tx, tenantId, { kind: 'autotask', label: 'Main', settings }, this.days.at);
      if ('errors' in made) throw new Error(JSON.stringify(made.errors));
      await setConnectionMode(tx, tenantId, made.connection.id, mode, this.days.at);
      return made.connection;
    });
  }

  async mapCustomer(
    connection: Pick<StoredConnection, 'id' | 'tenantId'>,
    customerCode = 'C1',
    billingIdentifier = '7',
    validFrom = '2026-01-01',
  ): Promise<void> {
    const { id: connectionId, tenantId } = connection;
    const rows = [{ connectionId, billingIdentifier, validFrom }];
    await this.tx((tx) => putCustomerMappings(tx, { tenantId, customerCode }, rows, this.days.at));
  }

  async mapProduct(connection: Pick<StoredConnection, 'id' | 'tenantId'>, sku = 'E3', psaProductRef = '42'): Promise<void> {
    const { id: connectionId, tenantId } = connection;
    const rows = [{ connectionId, psaProductRef, validFrom: '2026-01-01' }];
    await this.tx((tx) => putProductMappings(tx, { tenantId, sku }, rows, this.days.at));
  }

  /** A tenant with one connection, its customer C1 and sku E3 mapped. */
  async mappedTenant(mode: ConnectionMode = 'auto', settings: object = {}): Promise<StoredConnection> {
    const connection = await this.connect(this.newTenant(), mode, settings);
    await this.mapCustomer(connection);
    await this.mapProduct(connection);
    await this.settle();
    return connection;
  }

  async publish(...targets: LineTarget[]): Promise<void> {
    const records = targets.map((target) => ({
      key: `${target.tenantId}/${target.lineKey}`,
      partitionBy: `${target.tenantId}/${target.customerCode}`,
      value: JSON.stringify(target),
    }));
    const publisher = (this.link ?? this.log).publisher();
    await publisher.publish(LINE_TARGETS, records);
    await publisher.stop();
  }

  /** Publishes and waits until nothing moves here any more. */
  async decide(...targets: LineTarget[]): Promise<void> {
    await this.publish(...targets);
    await this.settle();
  }

  /** Answers a change as a connector would. */
  async answer(change: QuantityChange, kind: Outcome['kind'], more: Partial<Outcome> = {}): Promise<Outcome> {
    const { tenantId, connectionId, agreementLineKey, version } = change;
    const outcome: Outcome = {
      ...{ tenantId, connectionId, agreementLineKey, version, kind, code: 'LINE_UPDATED', message: kind, attempt: 1 },
      changeId: changeIdOf(connectionId, agreementLineKey, version),
      at: this.days.at.toISOString(),
      ...more,
    };
    const key = `${connectionId}/${agreementLineKey}`;
    const partitionBy = `${connectionId}/${change.account.billingIdentifier}`;
    await this.log.publisher().publish(OUTCOMES, [{ key, partitionBy, value: JSON.stringify(outcome) }]);
    await this.settle();
    return outcome;
  }

  /** What was released for a connection, in order of version. */
  released(connectionId: string, stream: 'changes' | 'previews' = 'changes'): QuantityChange[] {
    const topic = stream === 'changes' ? quantityChangesTopic('autotask') : previewRequestsTopic('autotask');
    return this.log
      .recordsOf(topic)
      .map((record) => JSON.parse(String(record.value)) as QuantityChange)
      .filter((change) => change.connectionId === connectionId)
      .sort((a, b) => a.version - b.version);
  }

  async deliveryOf(tenantId: string, lineKey: string): Promise<Delivery[] | undefined> {
    return (await deliveriesOfLines(this.database, { tenantId, reach: 'tenant', lineKeys: [lineKey] })).get(lineKey);
  }

  /** The codes of all run logs of a tenant, as its people see them. */
  async aliasesOf(tenantId: string): Promise<string[]> {
    const runs = await listRuns(this.database, { tenantId, limit: 10 });
    const page = { tenantId, reach: 'tenant', limit: 100 } as const;
    const logs = await Promise.all(runs.map((run) => readRunLog(this.database, { ...page, runId: run.id })));
    return logs.flat().map((entry) => entry.alias ?? entry.code);
  }

  /** Waits until this process has nothing to do; what waits for a connector may stay. */
  async settle(): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const moving = (await this.control.underWay()).filter(
        ({ what, count }) => count > 0 && !what.startsWith('agreement lines'),
      );
      if (moving.length === 0) return;
      await wait(20);
    }
    throw new Error(`never settled: ${JSON.stringify(await this.control.underWay())}`);
  }

  /** What one connection's agreement lines have under way. */
  async underWay(connectionId: string): Promise<string[]> {
    const lines = (await this.control.underWay()).filter(({ detail }) => detail?.startsWith(connectionId));
    return lines.map(({ what, count }) => `${count} ${what}`);
  }

  tx<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return inTransaction(this.database, work);
  }
}
