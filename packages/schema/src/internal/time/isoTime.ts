const time =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** Whether a text has the form of an ISO 8601 date or time. It does not check the calendar, which would take longer. */
export const isIsoTime = (text: string): boolean => time.test(text)
