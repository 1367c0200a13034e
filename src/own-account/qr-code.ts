import qrcode from 'qrcode-generator';

/** A QR code as one SVG path: `size` modules each way, without the white edge that readers need. */
export interface QrCode {
  readonly size: number;
  readonly path: string;
}

/** Draws a text, in bytes, with the next higher of the four levels of redundancy. */
export function qrCode(text: string): QrCode {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const places = Array.from({ length: size }, (_, place) => place);
  const path = places
    .flatMap((row) =>
      places.filter((column) => code.isDark(row, column)).map((column) => [column, row]),
    )
    .map(([column, row]) => `M${column} ${row}h1v1h-1z`)
    .join('');
  return { size, path };
}
