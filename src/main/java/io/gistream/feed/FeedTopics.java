package io.gistream.feed;

import io.gistream.stream.TopicFormats;

/** Names of the topics that are followed, and how values stand on them. */
public record FeedTopics(
    String chunks, String summaries, String deadLetters, TopicFormats formats) {}
