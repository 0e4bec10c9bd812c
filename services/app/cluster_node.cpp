#include "services/app/cluster_node.hpp"

#include <pthread.h>

#include <string>
#include <utility>

#include "services/logging/log.hpp"

namespace crier::services::app {

ClusterNode::ClusterNode(bus::redis::Options bus, cluster::ClusterOptions options)
    : bus_(loop_, std::move(bus),
           [](const std::string& sentence) {
             logging::log_limited("bus", logging::Level::kInfo, sentence);
           }),
      cluster_(loop_, bus_, std::move(options)) {}

void ClusterNode::start(control::Control& control) {
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "bus");
    loop_.run();
  });
  cluster_.start(control);
}

void ClusterNode::stop() {
  if (!thread_.joinable()) return;
  cluster_.stop();
  work_.reset();
  loop_.stop();
  thread_.join();
}

}  // namespace crier::services::app
