/**
 * The texts of forms, as `Form` reads them: the fields of a request, each as a person types it.
 *
 * @since 0.1.0
 */

/**
 * The texts of a customer.
 *
 * @category models
 * @since 0.1.0
 */
export interface CustomerTexts {
  readonly name: string
  readonly documentType: string
  readonly documentNumber: string
  readonly email: string
  readonly phoneNumber: string
  readonly reference?: string
}

/**
 * The texts of a bank account.
 *
 * @category models
 * @since 0.1.0
 */
export interface BankAccountTexts {
  readonly bank: string
  readonly accountType: string
  readonly accountNumber: string
}

/**
 * The texts of a payout target.
 *
 * @category models
 * @since 0.1.0
 */
export interface PayoutTargetTexts {
  readonly customerId: string
  readonly redirectUrl: string
  readonly type: string
  readonly bankAccount?: BankAccountTexts
  readonly reference?: string
  readonly description?: string
}

/**
 * The texts of a payin source.
 *
 * Its type decides which of the optional fields are needed.
 *
 * @category models
 * @since 0.1.0
 */
export interface PayinSourceTexts {
  readonly customerId: string
  readonly redirectUrl: string
  readonly type: string
  readonly bankAccount?: BankAccountTexts
  readonly partialPayinsEnabled?: boolean
  readonly phoneNumber?: string
  readonly reference?: string
  readonly description?: string
}

/**
 * The texts of a payment card.
 *
 * @category models
 * @since 0.1.0
 */
export interface CardTexts {
  readonly cardNumber: string
  readonly expirationMonth: string
  readonly expirationYear: string
  readonly cvv: string
}

/**
 * The texts of a payin link.
 *
 * The type of the link decides which of the optional fields are needed.
 *
 * @category models
 * @since 0.1.0
 */
export interface PayinLinkTexts {
  readonly customerId: string
  readonly redirectUrl: string
  readonly amount: string
  readonly type: string
  readonly availableTypes?: ReadonlyArray<string>
  readonly bank?: string
  readonly phoneNumber?: string
  readonly card?: CardTexts
  readonly reference?: string
  readonly description?: string
  readonly expiration?: string
  readonly targetMerchantAccountId?: string
}

/**
 * The texts of a payout.
 *
 * @category models
 * @since 0.1.0
 */
export interface PayoutTexts {
  readonly payoutTargetId: string
  readonly amount: string
  readonly reference?: string
  readonly sourceMerchantAccountId?: string
}

/**
 * The texts of a debit.
 *
 * @category models
 * @since 0.1.0
 */
export interface PayinTexts {
  readonly payinSourceId: string
  readonly amount: string
  readonly reference?: string
  readonly targetMerchantAccountId?: string
}
