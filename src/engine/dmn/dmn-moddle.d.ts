/** The part of dmn-moddle that the engine uses; the package has no types of its own. */
declare module 'dmn-moddle' {
  /** Reads DMN 1.3 XML into elements. */
  export class DmnModdle {
    fromXML(xml: string): Promise<{
      rootElement: { readonly $type: string; readonly [property: string]: unknown }
      warnings: { message: string }[]
    }>
  }
}
