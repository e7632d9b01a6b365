/** How `trueup connector register` was asked to register. */
export interface RegisterOptions {
  dryRun?: boolean;
  rotate?: boolean;
  kafkaPrincipal?: string;
  writeEnv?: string;
}
