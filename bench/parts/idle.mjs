// What the running product takes while nothing happens.
import { linesOf } from '../run-script.mjs';

const LINE = /^(\S.*?)\s+([\d.]+) %\s+(\d+) MB$/;
const MOST = { cpuPercent: 3, rssMb: 150 };

export async function run({ figures, isSmall }) {
  const measured = (await linesOf('idle.mjs', isSmall ? ['5'] : [])).flatMap((line) => {
    const [, name, cpu, rss] = LINE.exec(line) ?? [];
    return name === undefined ? [] : [{ name, cpuPercent: Number(cpu), rssMb: Number(rss) }];
  });
  const all = measured.find(({ name }) => name === 'services, all');
  const services = measured.slice(0, measured.indexOf(all)).filter(({ name }) => !/^(kafka|postgres|redis)\//.test(name));
  const largest = services.reduce((most, one) => (one.rssMb > most.rssMb ? one : most));
  const cpu = { figure: 'idle, CPU of all services', unit: '% of one core', product: all.cpuPercent };
  figures.add({ ...cpu, target: `< ${MOST.cpuPercent} %`, isMet: all.cpuPercent < MOST.cpuPercent, detail: measured });
  const memory = { figure: `idle, memory of the largest service (${largest.name})`, unit: 'MB', product: largest.rssMb };
  figures.add({ ...memory, target: `< ${MOST.rssMb} MB`, isMet: largest.rssMb < MOST.rssMb });
}
