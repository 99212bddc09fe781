//! Whether the characters of a token can belong to each other.

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// For tokens without a checksum: nothing speaks against it.
pub(super) fn none(_: &str) -> bool {
    true
}

/// GitHub and npm: the last six characters are the CRC32 of the thirty before, in base 62.
/// <https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>
pub(super) fn crc32_at_end(token: &str) -> bool {
    let Some((_, body)) = token.split_once('_') else { return false };
    let Some((random, checksum)) = body.split_at_checked(30) else { return false };
    checksum.as_bytes() == base62(crc32(random.as_bytes()))
}

/// Supabase: of the two keys that are JSON web tokens, the service role's is the secret one.
pub(super) fn is_service_role(token: &str) -> bool {
    let Some(payload) = token.split('.').nth(1) else { return false };
    let payload = base64(payload);
    let has = |part: &[u8]| payload.windows(part.len()).any(|window| window == part);
    has(b"\"service_role\"") && has(b"supabase")
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

fn base62(mut number: u32) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(number % 62) as usize];
        number /= 62;
    }
    digits
}

/// The bytes of base64 in its form for addresses; what is no such character is skipped.
fn base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' | b'+' => Some(62),
        b'_' | b'/' => Some(63),
        _ => None,
    };
    let sextets: Vec<u8> = text.bytes().filter_map(value).collect();
    sextets
        .chunks(4)
        .flat_map(|chunk| {
            let bits =
                chunk.iter().fold(0u32, |bits, sextet| bits << 6 | u32::from(*sextet)) << (6 * (4 - chunk.len()));
            bits.to_be_bytes()[1..].iter().copied().take(chunk.len() * 6 / 8).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_wrong_checksum_is_no_token() {
        let random = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        let checksum = String::from_utf8(base62(crc32(random.as_bytes())).to_vec()).expect("ASCII");
        let token = ["gh", "p_", random, &checksum].concat();
        assert!(crc32_at_end(&token));
        assert!(!crc32_at_end(&token.replace("zQ", "zR")));
    }

    #[test]
    fn base64_of_any_length_is_decoded() {
        assert_eq!(base64("Zm9vYmFy"), b"foobar");
        assert_eq!(base64("Zm9vYg"), b"foob");
    }

    #[test]
    fn only_the_service_role_is_secret() {
        // {"iss":"supabase","role":"service_role"} and {"iss":"supabase","role":"anon"}
        let token = |payload: &str| ["eyJhbGciOiJIUzI1NiJ9", payload, "c2lnbmF0dXJlc2lnbmF0dXJl"].join(".");
        assert!(is_service_role(&token("eyJpc3MiOiJzdXBhYmFzZSIsInJvbGUiOiJzZXJ2aWNlX3JvbGUifQ")));
        assert!(!is_service_role(&token("eyJpc3MiOiJzdXBhYmFzZSIsInJvbGUiOiJhbm9uIn0")));
    }
}
