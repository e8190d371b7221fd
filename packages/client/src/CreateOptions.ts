/**
 * What a create can be told beside its body.
 *
 * @since 0.1.0
 */

/**
 * What a create can be told beside its body.
 *
 * @category options
 * @since 0.1.0
 */
export interface CreateOptions {
  /**
   * Fields that this version of the library does not know, sent as they are beside those of the body.
   *
   * **Gotchas**
   *
   * Only whole fields of the body itself can be added, none within another one such as `bankAccount`. A name that the body's schema
   * knows is refused, and so is a value that JSON does not have; beside a body of a type that is given as `unrecognized("…")`, only
   * the names that all types share are refused. Nothing else is checked. What Palomma
   * answers to them is read by `Undocumented.fields(record)` of the schema package.
   */
  readonly undocumented?: { readonly [field: string]: unknown } | undefined
}
