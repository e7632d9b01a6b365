import type { Connector } from '@trueup/connector-sdk';
import { checkAccess, usedShare } from './check-access.js';
import { classifyAnswer, nameRefusal } from './classify-answer.js';
import { listBilledUnits } from './list-billed-units.js';
import { listCompanies, listServices } from './list-entries.js';
import { locateLines, type UnitsPlace } from './locate-lines.js';
import { openSession } from './open-session.js';
import { planUnits } from './plan-units.js';
import { readUnits, type HeldUnits } from './read-units.js';

/** Autotask PSA: a delta PSA whose quantity is the units of a contract service, by date. */
export const autotask: Connector<UnitsPlace, HeldUnits> = {
  open: openSession,
  classify: classifyAnswer,
  nameRefusal,
  locate: locateLines,
  read: readUnits,
  plan: planUnits,
  usedShare,
  check: checkAccess,
  listAccounts: listCompanies,
  listProducts: listServices,
  listLines: listBilledUnits,
};
