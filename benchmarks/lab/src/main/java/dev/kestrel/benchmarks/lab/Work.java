package dev.kestrel.benchmarks.lab;

/**
 * One thing that servers are compared at.
 *
 * @param id what it is called on the command line
 * @param title what it is
 * @param protocol what the client speaks
 * @param path what it asks for
 * @param load how much of it there is
 */
record Work(String id, String title, Protocol protocol, String path, Load load) {}
