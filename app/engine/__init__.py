"""The maths, once: numpy and the standard library only. No web, no JSON, no LaTeX.

Names used throughout, with their shapes (N examples, layer l has n_l units, row-vector convention):

    a    (N, n_{l-1}) or (N, n_l)   activation a^[l]; a^[0] is the input batch
    W    (n_l, n_{l-1})             weights: units out × units in
    b    (n_l,)                     bias
    z    (N, n_l)                   pre-activation, z^[l] = a^[l-1] W^[l]ᵀ + b^[l]
    y    (N, n_L)                   targets
    g    (N, n_l) or (N, n_l, n_l)  ∂a^[l]/∂z^[l]; the full Jacobian g[n,k,i] = ∂a_k/∂z_i for softmax
    da, dz, dW, db                  ∂ℒ/∂a …: shaped like the quantity they belong to
"""
