package org.penstock.api.view;

/**
 * A driver on offer for an interface, at one moment.
 *
 * @param name the driver's name
 * @param ranking higher is better
 * @param role what it does for the interface
 * @param link true if it is attached and has a link
 * @param reason why it {@linkplain Role#FAILED failed}, else empty
 */
public record DriverView(String name, int ranking, Role role, boolean link, String reason) {

  /** What a driver does for an interface. */
  public enum Role {
    /** Frames go by it. */
    ACTIVE,
    /** It is attached, and takes over where the active one loses its link or fails. */
    STANDBY,
    /** It is not attached, since others rank higher. */
    OFFERED,
    /** It could not be attached, or has failed since. */
    FAILED
  }
}
