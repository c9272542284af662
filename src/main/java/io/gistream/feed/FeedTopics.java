package io.gistream.feed;

/** Names of the topics that are followed. */
public record FeedTopics(String chunks, String summaries, String deadLetters) {}
