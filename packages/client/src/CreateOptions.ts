/**
 * The options of a create.
 *
 * @since 0.1.0
 */

/**
 * The options of a create.
 *
 * @category options
 * @since 0.1.0
 */
export interface CreateOptions {
  /**
   * Fields that this version of the library does not know. They are added to the body unchanged.
   *
   * To read undocumented fields of a response, use `Undocumented.fields(record)` of the schema package.
   *
   * **Gotchas**
   *
   * - Only top-level fields of the body can be added, not fields of a nested object such as `bankAccount`.
   * - A field that the schema of the body knows is refused, and so is a value that is not JSON. If the type of the body
   *   is `unrecognized("…")`, only the fields that all types have are refused. Nothing else is checked.
   */
  readonly undocumented?: { readonly [field: string]: unknown } | undefined
}
