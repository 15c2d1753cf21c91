/** The electronic dossier: catalogue, hash chain, uploads, image dossier, archive. */
export { createDossier } from './dossier.ts'
export {
  type BuildImageDossier,
  type CatalogueRow,
  type DossierCheck,
  type DossierEntryView,
  type DossierEnvironment,
  DossierError,
  type DossierErrorCode,
  type DossierMaterial,
  type DossierMediaType,
  type DossierProblem,
  type DossierSource,
  type Dossiers,
  type DossierVerification,
  type DossierVolume,
  type ImageManifest,
  type UploadRequest,
} from './types.ts'
