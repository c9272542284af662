@org.jspecify.annotations.NullUnmarked
package io.gistream.api.security;
