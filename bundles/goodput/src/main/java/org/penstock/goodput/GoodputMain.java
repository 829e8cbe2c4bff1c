package org.penstock.goodput;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.penstock.api.netif.NetifException;
import org.penstock.service.iperf3.Iperf3Report;

/** The command {@code penstock goodput}. */
public final class GoodputMain {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final double MEGA = 1e6;

  private GoodputMain() {}

  /** Runs, and exits: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    int runs = 5;
    int seconds = 10;
    double loss = 1;
    try {
      for (int i = 0; i < args.length; i += 2) {
        String value = i + 1 < args.length ? args[i + 1] : "";
        switch (args[i]) {
          case "--runs" -> runs = (int) number(value, 1, 100);
          case "--seconds" -> seconds = (int) number(value, 1, 600);
          case "--loss" -> loss = number(value, 0, 50);
          default -> throw new IllegalArgumentException("unknown option " + args[i]);
        }
      }
    } catch (IllegalArgumentException e) {
      System.err.println("goodput: " + e.getMessage() + ": --runs N, --seconds N, --loss PERCENT");
      return USAGE;
    }
    try {
      measure(runs, new Goodput(loss / 100, seconds));
      return DONE;
    } catch (IOException | NetifException e) {
      System.err.println("goodput: " + e.getMessage());
    } catch (InterruptedException e) {
      System.err.println("goodput: interrupted");
    }
    return FAILED;
  }

  private static double number(String text, int least, int most) {
    double value = Double.parseDouble(text);
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(text + " is not between " + least + " and " + most);
    }
    return value;
  }

  private static void measure(int runs, Goodput goodput)
      throws IOException, NetifException, InterruptedException {
    System.out.println(goodput);
    System.out.println("goodput in Mbit/s, CUBIC both:");
    System.out.println("seed      Penstock  (sent again)    kernel");
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int seed = 1; seed <= runs; seed++) {
      Iperf3Report.Stream stack = goodput.ofStack(seed).sum(true);
      double kernel = goodput.ofKernel(seed);
      ours.add(stack.receivedBitsPerSecond());
      theirs.add(kernel);
      System.out.printf(
          Locale.ROOT,
          "%-8d %9.2f %13d %9.2f%n",
          seed,
          stack.receivedBitsPerSecond() / MEGA,
          stack.retransmits(),
          kernel / MEGA);
    }
    double penstock = Goodput.median(ours);
    double kernel = Goodput.median(theirs);
    System.out.printf(
        Locale.ROOT, "median   %9.2f %13s %9.2f%n", penstock / MEGA, "", kernel / MEGA);
    System.out.printf(Locale.ROOT, "ratio    %9.2f%n", penstock / kernel);
  }
}
