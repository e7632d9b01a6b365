/** How the admin side moves the clock that the sandbox reads. */
export interface SandboxClock {
  now(): Date;
  offsetMs(): number;
  moveTo(offsetMs: number): void;
}
