import { createHash } from 'node:crypto';
import { murmur2 } from '@trueup/contracts';
import { bad, type LineProblem } from './draft.js';
import { type EventFile, recordText } from './event-file.js';
import { type Counts, Frontier, type Settle } from './frontier.js';
import type { BatchFate, IngestLimits } from './ingest-client.js';
import { Lane } from './lane.js';
import type { Piece } from './piece.js';
import { ProgressFile } from './progress-file.js';
import { RejectsFile } from './rejects-file.js';
import { type EventFate, sendSplit } from './send-split.js';

export interface Sending {
  file: EventFile;
  /** Names where the events go, for the progress file. */
  target: string;
  limits: IngestLimits;
  send: (events: readonly string[]) => Promise<BatchFate>;
  /** Batches under way at the same time; each customer's events stay in order. */
  lanes: number;
  isRestart: boolean;
  /** Told after every answer: how far the file is sent without a gap. */
  onAdvance?: (progress: { offset: number; counts: Counts; isResumed: boolean }) => void;
  /** Told once for every line that is not taken. */
  onReject?: (reject: {
    line: number;
    problem: { code: string; title: string; errors?: { pointer: string; detail: string }[] };
  }) => void;
}

export interface Sent {
  counts: Counts;
  /** First line of this run; more than 1 when an earlier run was continued. */
  fromLine: number;
  rejectsPath: string;
}

const SAVE_EVERY_MS = 200;
/** Batches per lane that may wait behind an unanswered one; bounds what is held in memory. */
const WINDOW_BATCHES = 4;

/** Sends a file, from where an earlier run ended. On any failure what is settled is noted first, and then the failure thrown. */
export async function sendFile(sending: Sending): Promise<Sent> {
  const { file } = sending;
  const progressFile = new ProgressFile(file.path);
  const rejectsFile = new RejectsFile(file.path);
  const earlier = sending.isRestart ? null : progressFile.read(sending.target, file.reading);
  const hash = earlier ? await progressFile.verify(earlier) : createHash('sha256');
  const { offset = 0, line = 1, counts = { accepted: 0, duplicate: 0, rejected: 0 }, rejectsBytes = 0 } = earlier ?? {};
  rejectsFile.openAt(rejectsBytes);
  const frontier = new Frontier(hash, { offset, line, counts });
  const save = (): void => {
    if (frontier.state.offset === 0) return; // nothing is settled: the next run begins as this one did
    rejectsFile.append(frontier.takeRejects());
    const { target } = sending;
    const state = {
      target,
      reading: file.reading,
      ...frontier.state,
      sha256: frontier.sha256(),
      rejectsBytes: rejectsFile.sizeBytes,
    };
    progressFile.write({ version: 1, ...state });
  };
  await pump(sending, frontier, atMostEvery(SAVE_EVERY_MS, save)).finally(save);
  progressFile.remove();
  return { counts: frontier.state.counts, fromLine: line, rejectsPath: rejectsFile.path };
}

async function pump(sending: Sending, frontier: Frontier, save: () => void): Promise<void> {
  const { file, limits, onAdvance } = sending;
  const isResumed = frontier.state.offset > 0;
  let hasFailed = false;
  const lanes = Array.from({ length: sending.lanes }, () => {
    return new Lane(
      limits,
      (events) => sendSplit(sending.send, events),
      () => (hasFailed = true),
    );
  });
  const settled = (): void => {
    save();
    onAdvance?.({ offset: frontier.state.offset, counts: frontier.state.counts, isResumed });
  };
  const drain = (): Promise<unknown> => Promise.all(lanes.map((lane) => lane.drain()));
  try {
    for await (const piece of file.pieces(frontier.state.offset, frontier.state.line)) {
      await take(sending, piece, { settle: frontier.add(piece), lanes, settled });
      const isWide = frontier.waiting >= sending.lanes * WINDOW_BATCHES * limits.maxEvents;
      if (isWide || hasFailed) await drain();
    }
    await drain();
  } finally {
    // What is already on its way is worth its answer: it need not be sent again.
    await Promise.all(lanes.map((lane) => lane.rest()));
  }
}

interface Taking {
  settle: Settle;
  lanes: readonly Lane[];
  settled: () => void;
}

async function take(sending: Sending, piece: Piece, { settle, lanes, settled }: Taking): Promise<void> {
  const { file, limits, onReject } = sending;
  const reject = (answered: LineProblem): void => {
    const errors = answered.errors?.map((error) => ({ ...error, column: error.column ?? file.columnOf(error.pointer) }));
    const problem = errors ? { ...answered, errors } : answered;
    onReject?.({ line: piece.line, problem });
    settle('rejected', { line: piece.line, problem, original: recordText(piece, file.format) ?? piece.raw.toString('latin1') });
  };
  const draft = sized(file.draft(piece), limits);
  if (draft.kind === 'blank') settle('blank');
  else if (draft.kind === 'bad') reject(draft.problem);
  else {
    const lane = lanes[murmur2(draft.subject) % lanes.length]!;
    const onFate = (fate: EventFate): void => {
      if (fate.status === 'rejected') reject(fate.problem);
      else settle(fate.status);
      settled();
    };
    await lane.push({ json: draft.json, settle: onFate });
  }
}

function sized(draft: ReturnType<EventFile['draft']>, { maxBodyBytes }: IngestLimits): ReturnType<EventFile['draft']> {
  if (draft.kind !== 'event' || Buffer.byteLength(draft.json) + 2 <= maxBodyBytes) return draft;
  return bad('too-large', [{ pointer: '', detail: `Must have at most ${maxBodyBytes - 2} bytes` }]);
}

function atMostEvery(ms: number, act: () => void): () => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - lastAt < ms) return;
    act();
    lastAt = performance.now();
  };
}
