//! What a recursive parse costs in stack, byte by byte of its text.

/// [`stack_weight`] of each byte: it is asked for all source code.
pub(super) static STACK_WEIGHTS: [u16; 256] = {
    let mut weights = [0; 256];
    let mut byte = 0;
    while byte < weights.len() {
        weights[byte] = stack_weight(byte as u8);
        byte += 1;
    }
    weights
};

/// The stack that a token beginning with this byte may cost.
pub(super) const fn stack_weight(byte: u8) -> u16 {
    match byte {
        b'(' | b'[' | b'{' | b'<' | b'`' => 3072,
        b'?' | b'=' | b':' | b'@' => 1536,
        0..=0x20 | 0x80.. => 1024,
        _ => 256,
    }
}
