package dev.kestrel.app;

/**
 * Which endpoint answers a request. Found among the features of a request once the router has
 * chosen: in the endpoint itself, and in middleware after {@code next} has returned.
 *
 * @param endpoint the endpoint
 */
public record EndpointFeature(Endpoint endpoint) {}
