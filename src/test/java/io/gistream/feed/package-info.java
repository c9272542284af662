@org.jspecify.annotations.NullUnmarked
package io.gistream.feed;
