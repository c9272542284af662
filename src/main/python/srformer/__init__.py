"""Gistream's model toolkit: trains, exports and measures the segmented recurrent transformer that the Java runtime executes.

The way of a document, module by module::

    corpus      transcripts  -> sentences, references, aligned spans
    encode      sentences    -> states, one vector each, cached        (minilm: where the encoder comes from)
    labels      references   -> what each sentence is worth at the moment it is said
    train       states       -> decoder and memory                      (decoder, memory: the network)
    selection   salience     -> rolling summary under a word budget
    evaluate    summaries    -> ROUGE, erasure, baselines               (rouge, baselines)
    export      weights      -> model package                           (goldens, card, bundle)
"""
