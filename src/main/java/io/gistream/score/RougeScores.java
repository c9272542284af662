package io.gistream.score;

/** ROUGE-1, ROUGE-2 and sentence-level ROUGE-L of one candidate. */
public record RougeScores(RougeScore rouge1, RougeScore rouge2, RougeScore rougeL) {}
