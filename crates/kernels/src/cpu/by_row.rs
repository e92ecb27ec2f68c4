//! Kernels that process each row of a batch separately: maxout, shift and cross-entropy.

/// Maxout: y[n, u] = max_p x[n, p, u], `[n, pieces * units]` -> `[n, units]`.
pub fn maxout(x: &[f32], units: usize, pieces: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(x.len() / pieces);
    for row in x.chunks_exact(pieces * units) {
        let (first, others) = row.split_at(units);
        let from = out.len();
        out.extend_from_slice(first);
        for piece in others.chunks_exact(units) {
            // `f32::max` compiles to a function call in WebAssembly and drops NaN; this propagates NaN.
            let larger = |most: f32, x: f32| if most > x || most.is_nan() { most } else { x };
            out[from..].iter_mut().zip(piece).for_each(|(most, x)| *most = larger(*most, *x));
        }
    }
    out
}

/// dL/dx of maxout, `[n, pieces * units]`: each unit's gradient goes to its largest piece. The last one wins a tie.
pub fn maxout_gradient(x: &[f32], y: &[f32], gradient: &[f32], units: usize, pieces: usize) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    let width = pieces * units;
    let rows = x.chunks_exact(width).zip(y.chunks_exact(units)).zip(gradient.chunks_exact(units));
    for (out, ((x, y), gradient)) in out.chunks_exact_mut(width).zip(rows) {
        // The gradients that no piece has received yet.
        let mut left = gradient.to_vec();
        for (out, x) in out.chunks_exact_mut(units).zip(x.chunks_exact(units)).rev() {
            for (((out, x), y), left) in out.iter_mut().zip(x).zip(y).zip(&mut left) {
                let largest = x == y;
                *out = if largest { *left } else { 0.0 };
                *left = if largest { 0.0 } else { *left };
            }
        }
    }
    out
}

/// Translates and shears square images `[n, side^2]` by `by` `[n, 3]`; pixels from outside are 0. See `Kernels::shift`.
pub fn shift(x: &[f32], by: &[f32], side: usize) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    let size = side * side;
    for ((from, to), by) in x.chunks_exact(size).zip(out.chunks_exact_mut(size)).zip(by.chunks_exact(3)) {
        let dy = by[1] as isize;
        let all = side as isize;
        // The row that the shear leaves in place: halfway between the middle row's old and new position.
        let middle = ((side as f32 - 1.0) + by[1]) / 2.0;
        for y in dy.clamp(0, all)..(all + dy).clamp(0, all) {
            let dx = by[0] as isize + libm::rintf(by[2] * (y as f32 - middle)) as isize;
            // The output columns whose source lies inside the image.
            let (first, last) = (dx.clamp(0, all), (all + dx).clamp(0, all));
            let (to_row, from_row) = ((y * all) as usize, ((y - dy) * all - dx) as usize);
            let columns = first as usize..last as usize;
            to[to_row + columns.start..to_row + columns.end]
                .copy_from_slice(&from[(from_row.wrapping_add(columns.start))..from_row.wrapping_add(columns.end)]);
        }
    }
    out
}

/// The largest logit and the sum of e^(logit - largest), for a softmax that does not overflow.
fn softmax(logits: &[f32]) -> (f32, f32) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (most, logits.iter().map(|&l| libm::expf(l - most)).sum())
}

/// Cross-entropy of each row, `[n]`: -sum_k code_k log softmax(logits)_k.
pub fn cross_entropy(logits: &[f32], codes: &[f32], classes: usize) -> Vec<f32> {
    let row = |(logits, codes): (&[f32], &[f32])| {
        let (most, sum) = softmax(logits);
        libm::logf(sum) - logits.iter().zip(codes).map(|(l, c)| c * (l - most)).sum::<f32>()
    };
    logits.chunks_exact(classes).zip(codes.chunks_exact(classes)).map(row).collect()
}

/// dL/dlogits, `[n, classes]`: (softmax(logits) - code) times the row's gradient.
pub fn cross_entropy_backward(logits: &[f32], codes: &[f32], gradient: &[f32], classes: usize) -> Vec<f32> {
    let rows = logits.chunks_exact(classes).zip(codes.chunks_exact(classes)).zip(gradient);
    rows.flat_map(|((logits, codes), g)| {
        let (most, sum) = softmax(logits);
        logits.iter().zip(codes).map(move |(l, c)| g * (libm::expf(l - most) / sum - c)).collect::<Vec<_>>()
    })
    .collect()
}
