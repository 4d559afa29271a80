import type { DeclaredPostalAddress } from '../../schema/declaration.ts';

/** A postal address in the graph's words, by the lines of NF Z10-011; null where the holder has nothing. */
export interface PostalAddress {
  readonly recipient: string | null;
  readonly additionalInfo: string | null;
  readonly streetLine: string | null;
  readonly locality: string | null;
  readonly postCode: string | null;
  readonly city: string | null;
  readonly inseeCode: string | null;
  readonly country: string | null;
}

/** Columns in which an agency's table keeps one; the migrations of the agencies here spell them out. */
export interface AddressColumns {
  readonly recipient: string | null;
  readonly additional_info: string | null;
  readonly street_line: string | null;
  readonly locality: string | null;
  readonly post_code: string | null;
  readonly city: string | null;
  readonly insee_code: string | null;
  readonly country: string | null;
}

export function toAddressColumns(address: PostalAddress): AddressColumns {
  return {
    recipient: address.recipient,
    additional_info: address.additionalInfo,
    street_line: address.streetLine,
    locality: address.locality,
    post_code: address.postCode,
    city: address.city,
    insee_code: address.inseeCode,
    country: address.country,
  };
}

export function toPostalAddress(row: AddressColumns): PostalAddress {
  return {
    recipient: row.recipient,
    additionalInfo: row.additional_info,
    streetLine: row.street_line,
    locality: row.locality,
    postCode: row.post_code,
    city: row.city,
    inseeCode: row.insee_code,
    country: row.country,
  };
}

/** What a citizen declared to the hub: a line left out is null, and nobody is named. */
export function fromDeclared(declared: DeclaredPostalAddress): PostalAddress {
  return {
    recipient: null,
    additionalInfo: declared.additionalInfo ?? null,
    streetLine: declared.streetLine ?? null,
    locality: declared.locality ?? null,
    postCode: declared.postCode ?? null,
    city: declared.city,
    inseeCode: declared.inseeCode ?? null,
    country: declared.country,
  };
}
