// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MinCut.h"
#include <algorithm>

namespace tern {

// Vertex v has the in-node 2v and the out-node 2v + 1.
VertexCut::VertexCut(unsigned Vertices)
    : Vertices(Vertices), Source(2 * Vertices), Sink(2 * Vertices + 1),
      Out(2 * Vertices + 2) {}

void VertexCut::connect(unsigned From, unsigned To, uint64_t Capacity) {
  Out[From].push_back(Edges.size());
  Edges.push_back({To, Capacity});
  Out[To].push_back(Edges.size());
  Edges.push_back({From, 0});
}

void VertexCut::setCapacity(unsigned Vertex, uint64_t Capacity) {
  connect(2 * Vertex, 2 * Vertex + 1, Capacity);
}

void VertexCut::addEdge(unsigned From, unsigned To) {
  connect(2 * From + 1, 2 * To, Infinite);
}

void VertexCut::addSource(unsigned Vertex) {
  connect(Source, 2 * Vertex, Infinite);
}

void VertexCut::addSink(unsigned Vertex) {
  connect(2 * Vertex + 1, Sink, Infinite);
}

bool VertexCut::levelGraph() {
  Level.assign(Out.size(), -1);
  Level[Source] = 0;
  std::vector<unsigned> Queue = {Source};
  for (size_t I = 0; I != Queue.size(); ++I)
    for (unsigned E : Out[Queue[I]])
      if (Edges[E].Capacity && Level[Edges[E].To] < 0) {
        Level[Edges[E].To] = Level[Queue[I]] + 1;
        Queue.push_back(Edges[E].To);
      }
  return Level[Sink] >= 0;
}

/// One augmenting path by depth-first search; iterative, since data flow can be
/// deeper than the machine's stack likes.
uint64_t VertexCut::push(unsigned Node, uint64_t Limit) {
  std::vector<unsigned> Path;
  while (Node != Sink) {
    unsigned &I = Next[Node];
    while (I != Out[Node].size()) {
      const Edge &E = Edges[Out[Node][I]];
      if (E.Capacity && Level[E.To] == Level[Node] + 1)
        break;
      ++I;
    }
    if (I != Out[Node].size()) {
      Path.push_back(Out[Node][I]);
      Node = Edges[Path.back()].To;
      continue;
    }
    if (Path.empty())
      return 0;
    Level[Node] = -1;
    Node = Edges[Path.back() ^ 1].To;
    Path.pop_back();
  }
  for (unsigned E : Path)
    Limit = std::min(Limit, Edges[E].Capacity);
  for (unsigned E : Path) {
    Edges[E].Capacity -= Limit;
    Edges[E ^ 1].Capacity += Limit;
  }
  return Limit;
}

std::vector<unsigned> VertexCut::solve() {
  while (levelGraph()) {
    Next.assign(Out.size(), 0);
    while (push(Source, Infinite))
      ;
  }
  // Nodes that still reach the sink.
  std::vector<char> Reaches(Out.size(), 0);
  std::vector<unsigned> Queue = {Sink};
  Reaches[Sink] = 1;
  for (size_t I = 0; I != Queue.size(); ++I)
    for (unsigned E : Out[Queue[I]]) {
      unsigned From = Edges[E].To;
      if (Edges[E ^ 1].Capacity && !Reaches[From]) {
        Reaches[From] = 1;
        Queue.push_back(From);
      }
    }
  std::vector<unsigned> Cut;
  for (unsigned V = 0; V != Vertices; ++V)
    if (!Reaches[2 * V] && Reaches[2 * V + 1])
      Cut.push_back(V);
  return Cut;
}

} // namespace tern
