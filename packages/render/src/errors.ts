/** Errors that this package throws on purpose. `code` starts with `RONDO_RENDER_`; the message is one line. */
export class RenderError extends Error {
  override readonly name = 'RenderError';

  constructor(
    readonly code: `RONDO_RENDER_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
