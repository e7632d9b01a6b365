import { billingCode } from './billing-code.js';
import { billingItem } from './billing-item.js';
import { company } from './company.js';
import { contract } from './contract.js';
import { contractCharge } from './contract-charge.js';
import { contractService } from './contract-service.js';
import { contractServiceAdjustment } from './contract-service-adjustment.js';
import { contractServiceUnit } from './contract-service-unit.js';
import type { Entity } from './entity.js';
import { product } from './product.js';
import { service } from './service.js';

/** Every kind of record that the sandbox knows. */
export const entities: readonly Entity[] = [
  company,
  billingCode,
  product,
  contract,
  service,
  contractService,
  contractServiceUnit,
  contractServiceAdjustment,
  contractCharge,
  billingItem,
];

/** The entity with that root path, in any case. */
export function entityAt(path: string): Entity | undefined {
  return entities.find((entity) => entity.path.toLowerCase() === path.toLowerCase());
}

/** The entity that lives as `child` under `parent`, in any case. */
export function childEntityAt(parent: string, child: string): Entity | undefined {
  return entities.find(
    (entity) =>
      entity.child?.parent.toLowerCase() === parent.toLowerCase() && entity.child.path.toLowerCase() === child.toLowerCase(),
  );
}
