/** What a caught value says: anything may be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An expected failure of the service. `code` is stable (docs/errors.md); `facts` say what and where. */
export class ServiceError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly facts: Readonly<Record<string, string | number>>;
  constructor(
    code: string,
    message: string,
    options: ErrorOptions & {
      readonly retryable?: boolean;
      readonly facts?: Readonly<Record<string, string | number>>;
    } = {},
  ) {
    super(message, options);
    this.name = "ServiceError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.facts = options.facts ?? {};
  }
}
