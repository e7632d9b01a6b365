// What was measured: one printed line per figure, and one JSON file that later runs of single parts add to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { machine } from './quiet-machine.mjs';

export class Figures {
  constructor(file, part) {
    this.file = file;
    this.part = part;
    this.lines = [];
  }

  /**
   * `target` is text for people, `isMet` whether it is reached. `peer` and `ratio` are absent where a promise is absolute.
   * `detail` holds what else is worth keeping: every round, CPU seconds, what the machine did.
   */
  add({ figure, unit, product, peer, peerName, ratio = peer === undefined ? undefined : product / peer, target, isMet, detail }) {
    const line = {
      part: this.part,
      figure,
      unit,
      product: rounded(product),
      peerName,
      peer: rounded(peer),
      ratio: rounded(ratio),
    };
    this.lines.push({ ...line, target, isMet, ...machine(), at: new Date().toISOString(), detail });
    const beside = peer === undefined ? '' : `  ${peerName} ${rounded(peer)}  ratio ${rounded(ratio)}`;
    const aim = target === undefined ? '' : `  target ${target} ${isMet ? 'met' : 'MISSED'}`;
    console.log(`${figure}  product ${rounded(product)} ${unit}${beside}${aim}  (load ${machine().load.toFixed(1)})`);
    this.save();
  }

  /** Lines of this part replace what an earlier run of it left. */
  save() {
    const known = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : [];
    mkdirSync(dirname(this.file), { recursive: true });
    const others = known.filter(({ part }) => part !== this.part);
    writeFileSync(this.file, `${JSON.stringify([...others, ...this.lines], null, 2)}\n`);
  }
}

function rounded(value) {
  if (value === undefined || value === null) return value;
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
}
