#include <cstdio>
#include <cstdlib>
#include <exception>

#include "framework.h"

#ifndef RONDO_TEST_DEVICE  // the program with the simulated device sets it
#  define RONDO_TEST_DEVICE cpu
#endif

namespace rondo::test {
namespace {

struct Test {
  std::string name;
  std::function<void()> body;
};

std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

int failures_of_this_test = 0;

}  // namespace

Registration::Registration(std::string name, std::function<void()> body) {
  tests().push_back({std::move(name), std::move(body)});
}

TestDevice& test_device() {
  static TestDevice device{DeviceChoice::RONDO_TEST_DEVICE, {}};
  return device;
}

void fail(const char* file, int line, const std::string& message) {
  constexpr int kShown = 10;
  if (++failures_of_this_test <= kShown) std::printf("    %s:%d: %s\n", file, line, message.c_str());
}

int run_all(const std::string& filter) {
  int passed = 0, failed = 0;
  for (const Test& test : tests()) {
    if (test.name.find(filter) == std::string::npos) continue;
    failures_of_this_test = 0;
    try {
      test.body();
    } catch (const std::exception& error) {
      fail(test.name.c_str(), 0, std::string("unexpected exception: ") + error.what());
    }
    failures_of_this_test == 0 ? ++passed : ++failed;
    std::printf("%s %s\n", failures_of_this_test == 0 ? "ok  " : "FAIL", test.name.c_str());
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace rondo::test

namespace {

constexpr const char* kUsage =
    "usage: rondo_tests [--device cpu|cuda] [--precision fp32|tf32|bf16] [part of the tests' names]\n"
    "  --device cuda runs the tests that any device must pass (\"device: …\") on the first CUDA device\n";

/// Gives the filter; ends the program for anything it does not know.
std::string parse(int argc, char** argv) {
  using namespace rondo;
  std::string filter;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    if (argument == "--device" && (value == "cpu" || value == "cuda")) {
      test::test_device().choice = value == "cuda" ? DeviceChoice::cuda : DeviceChoice::cpu;
      if (filter.empty()) filter = "device: ";
      ++i;
    } else if (argument == "--precision" && (value == "fp32" || value == "tf32" || value == "bf16")) {
      test::test_device().precisions = {value == "fp32"   ? Precision::fp32
                                        : value == "tf32" ? Precision::tf32
                                                          : Precision::bf16};
      ++i;
    } else if (argument.rfind("--", 0) == 0) {
      std::fputs(kUsage, stderr);
      std::exit(2);
    } else {
      filter = argument;
    }
  }
  return filter;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string filter = parse(argc, argv);
  if (rondo::test::test_device().choice == rondo::DeviceChoice::cuda) {
    const rondo::EngineInfo info = rondo::engine_info();
    if (!info.cuda_note.empty()) {
      std::fprintf(stderr, "rondo_tests: expected a CUDA device, but %s\n", info.cuda_note.c_str());
      return 2;
    }
  }
  return rondo::test::run_all(filter);
}
